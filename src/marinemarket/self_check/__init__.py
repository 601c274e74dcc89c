"""Is everything well? Small checks of one market, each of which says what to do where it is not."""

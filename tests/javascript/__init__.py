"""Unit tests of the scripts, written in JavaScript for Node's own runner."""

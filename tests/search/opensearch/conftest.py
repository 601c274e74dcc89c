"""Tests in this folder run only with the OpenSearch that scripts/test-engines starts."""

from __future__ import annotations

from ..engines import OPENSEARCH

collect_ignore = [] if OPENSEARCH else ["test_lifecycle.py"]

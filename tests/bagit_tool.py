"""The public BagIt tool.

It asks setuptools for its own version and for nothing else; setuptools is not there, since jieba would load
it, so that question is answered here.
"""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

ASKED = SimpleNamespace(
    DistributionNotFound=PackageNotFoundError,
    get_distribution=lambda name: SimpleNamespace(version=version(name)),
)
with patch.dict(sys.modules, {"pkg_resources": ASKED}):
    import bagit

InvalidError = bagit.BagValidationError


def validate(bag: Path) -> None:
    """Return if ``bag`` is a valid bag.

    Raises:
        InvalidError: it is none.
    """
    bagit.Bag(str(bag)).validate()

"""The child process that unpacks archives: ``python -m worker.unarchiving ARCHIVE FOLDER LIMITS``.

It reads hostile bytes, some of them with code that is not ours; so it is confined before it opens anything.
What came of it is one JSON object on stdout, as ``worker.gathering.apart`` reads it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.confinement import confine
from worker.gathering.apart import Answer, failed, told
from worker.gathering.archives import ArchiveLimits
from worker.limits import SandboxLimits
from worker.unarchiving.members import archive_format, unpack


def main() -> None:
    """Confine this process and unpack."""
    archive, folder, limits = Path(sys.argv[1]), Path(sys.argv[2]), ArchiveLimits(**json.loads(sys.argv[3]))
    confine(SandboxLimits(file_bytes=limits.max_bytes + 1), [folder])
    print(json.dumps(answer(archive, folder, limits)))


def answer(archive: Path, folder: Path, limits: ArchiveLimits) -> Answer:
    """What came of unpacking."""
    try:
        return (
            told(unpack(archive, folder, limits), folder) if archive_format(archive) else {"archive": False}
        )
    except UnreadableDocumentError as error:
        return failed(error.reason, error.detail)
    except MemoryError:
        return failed(UnreadableReason.MEMORY_LIMIT)
    except OSError as error:
        return {"errno": error.errno, "message": error.strerror}


if __name__ == "__main__":
    main()

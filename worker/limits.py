"""What a child process may use; known to the pool that starts it and to the child that keeps it."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What a child may use.

    Attributes:
        memory_bytes: address space of one child.
        scan_memory_bytes: the same once it reads pages by text recognition.
        seconds: time for one document, of the processor, and on the clock without the time in which the child
            waited for a processor.
        seconds_per_megabyte: what a large document gets on top.
        scanned_pages: most pages of one document that are read by text recognition.
        seconds_per_scan: what it gets on top for each page that is read by text recognition.
        start_seconds: time on the clock for a child to come up.
        file_bytes: largest file that a child may write.
        scratch_bytes: most that may lie in its temporary folder.
        processes: most processes and threads of its own, LibreOffice's among them, where the kernel counts
            them by child.
        open_files: most files that a child may hold open.
        growth_bytes: a child that has grown by more since its start is replaced.
        submission_bytes: largest sum of a submission's documents.
        uses: a child is replaced after so many submissions.
        niceness: how far it stands back from others that want a processor, as ``nice`` counts it.
    """

    memory_bytes: int = 1536 * MEGABYTE
    scan_memory_bytes: int = 3072 * MEGABYTE
    seconds: float = 60.0
    seconds_per_megabyte: float = 1.0
    scanned_pages: int = 60
    seconds_per_scan: float = 45.0
    start_seconds: float = 60.0
    file_bytes: int = 64 * MEGABYTE
    scratch_bytes: int = 512 * MEGABYTE
    processes: int = 256
    open_files: int = 256
    growth_bytes: int = 256 * MEGABYTE
    submission_bytes: int = 512 * MEGABYTE
    uses: int = 500
    niceness: int = 0

    def allowance(self, size: int) -> float:
        """Seconds for a document of ``size`` bytes."""
        return self.seconds + self.seconds_per_megabyte * size / MEGABYTE

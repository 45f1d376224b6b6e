"""A line to PostgreSQL that a test makes slow or silent: a unix socket in front of the server's own."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from backend.persistence.embedded import SOCKET_NAME

PIECE = 64 * 1024


@dataclass
class SlowLine:
    """`folder` stands in an address for the folder of the server's socket. `delay_s`: so much later comes whatever is sent, in each
    direction; while `silent` nothing comes at all, and nobody is told that it does not."""

    behind: Path
    delay_s: float = 0.0
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tl-line-")))
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _speaks: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> SlowLine:
        self._speaks.set()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        assert self._thread is not None
        self._thread.join()
        self._loop.close()
        shutil.rmtree(self.folder)

    def silence(self) -> None:
        """From now on."""
        self._loop.call_soon_threadsafe(self._speaks.clear)

    def speak(self) -> None:
        """Again; what was held back comes first."""
        self._loop.call_soon_threadsafe(self._speaks.set)

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_unix_server(self._join, self.folder / SOCKET_NAME)
        await self._end.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self.behind / SOCKET_NAME)
        try:
            await asyncio.wait(
                [
                    asyncio.create_task(self._carry(reader, back)),
                    asyncio.create_task(self._carry(there, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            writer.close()
            back.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            await self._speaks.wait()
            writer.write(piece)
            await writer.drain()

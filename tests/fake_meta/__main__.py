"""`make whatsapp-demo`: the whole product with a fake Meta, and a page that looks like a phone."""

from __future__ import annotations

import asyncio
import os
import sys

from tests.fake_meta.demo import demo_app
from tests.fake_meta.graph import ACCOUNT_ID, NUMBER_ID, FakeMeta
from tests.fake_meta.server import graph
from tests.support.serving import serving


def settings_of(meta: FakeMeta) -> dict[str, str]:
    """The environment of a product whose Meta is this fake."""
    settings = {
        "PROVIDER": "cloud",
        "PHONE_NUMBER_ID": NUMBER_ID,
        "ACCOUNT_ID": ACCOUNT_ID,
        "TOKEN": meta.token,
        "APP_SECRETS": meta.secret,
        "VERIFY_TOKEN": "kata-coba",
        "API_URL": meta.url,
    }
    return {f"TEMAN_LAPOR_WHATSAPP_{name}": value for name, value in settings.items()}


async def main() -> int:
    """Until the product ends."""
    meta = FakeMeta()
    port = os.environ.get("TEMAN_LAPOR_PORT", "8000")
    meta.webhook = f"http://localhost:{port}/api/whatsapp/webhook"
    async with graph(meta), serving(demo_app(meta)) as phone:
        print(f"The phone is at {phone}", flush=True)
        product = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "backend", "run", env={**os.environ, **settings_of(meta)}
        )
        try:
            return await product.wait()
        finally:
            if product.returncode is None:
                product.terminate()
                await product.wait()


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KeyboardInterrupt:
        sys.exit(0)

"""Subscribes with gql, a client that is not ours: URL, key and query are arguments; prints each result as JSON."""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport


async def main(url, key, query):
    transport = WebsocketsTransport(
        url=url,
        init_payload={"Authorization": f"Bearer {key}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=transport, fetch_schema_from_transport=False) as session:
        print(json.dumps("connected"), flush=True)
        async for result in session.subscribe(gql(query)):
            print(json.dumps(result), flush=True)


asyncio.run(main(*sys.argv[1:]))

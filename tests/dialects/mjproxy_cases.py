"""What midjourney-proxy's tests share: the seed's samples, and the two shapes of its words."""

from mjasync.dialects.mjproxy import MJProxyDialect
from tests.dialects.cases import samples

BASE = "https://relay.example/mj-fast"
ID = "1320098173412546"
H = "26d56b92-4ed6-45e2-8561-563797923135"
DIALECT = MJProxyDialect()

sample = samples("mjproxy")


def coded(code, description="", result=None, **properties):
    return {"code": code, "description": description, "properties": properties, "result": result}


def relayed(message):
    return {"error": {"message": f"{message} (request id: 1)", "type": "new_api_error"}}

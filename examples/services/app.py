"""A service: packets in, assessments out, each kept once.

``uvicorn --factory examples.services.app:make_app`` serves it, ``GET /docs`` shows what it takes.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from examples.services.stores import SqliteStore
from pmpromo import assess, load_rubric, parse_packet
from pmpromo.assessment import AssessmentRecord
from pmpromo.errors import PmpromoError
from pmpromo.schemas import describe_document

if TYPE_CHECKING:
    from examples.services.stores import Store
    from pmpromo import Assessment

RUBRIC: Final = load_rubric(os.environ.get("PMPROMO_RUBRIC", "pure-storage-pm/l3-l4"))

TAKES: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": describe_document("packet", rubric=RUBRIC)}},
    }
}
"""What the body is, for readers of the OpenAPI document."""


def make_app(store: Store | None = None) -> FastAPI:
    """Return the service over a store; by default a file of SQLite."""
    keep = store or SqliteStore(os.environ.get("PMPROMO_STORE", "results.sqlite"))
    app = FastAPI(title="pmpromo", version="1")

    @app.post(
        "/assessments",
        status_code=201,
        response_model=None,
        responses={
            201: {"model": AssessmentRecord, "description": "assessed, and kept"},
            200: {"model": AssessmentRecord, "description": "the same packet, kept before"},
            422: {"description": "every problem of the packet; none repeats what was sent"},
        },
        openapi_extra=TAKES,
    )
    async def assess_packet(request: Request) -> Response:
        return await run_in_threadpool(answer, await request.body(), keep)

    @app.get("/assessments/{result_id}", response_model=AssessmentRecord)
    def get_assessment(result_id: str) -> Response:
        seen = keep.get(result_id)
        return JSONResponse({}, 404) if seen is None else write_answer(seen, 200)

    return app


def answer(body: bytes, keep: Store) -> Response:
    """Assess a packet and keep the result: sent twice it is kept once."""
    try:
        seen = assess(parse_packet(body), RUBRIC)
    except PmpromoError as error:
        return JSONResponse({"problems": [asdict(problem) for problem in error.problems]}, 422)
    return write_answer(seen, 201 if keep.put(seen) else 200)


def write_answer(seen: Assessment, status: int) -> Response:
    """Return a result as it is, with the place where it stays."""
    where = {"Location": f"/assessments/{seen.result_id}"}
    return Response(seen.model_dump_json(), status, where, "application/json")

"""Small good files of every kind: each hostile one is one of these with one piece changed."""

from __future__ import annotations

from typing import Any, Final

__all__ = [
    "CASE",
    "DECISIONS",
    "EVIDENCE",
    "FORM",
    "LADDER",
    "LADDER_TABLE",
    "LADDER_TREE",
    "PACKET",
    "PACKET_JSON",
    "RATINGS",
    "RUBRIC",
    "RUBRIC_JSON",
]

PACKET: Final = """\
schema_version: 1
id: p-1
rubric: pure-storage-pm/l3-l4
as_of: 2026-06-30
evidence:
  - id: acq
    title: Integrated a product
    ownership: led
    started: 2025-03-01
    scope: {functions: [engineering, sales], teams: 6}
    facts:
      - {metric: unit_arr_growth, value: 16.5, baseline: 11, unit: percent/year}
      - {behaviour: aligns_functions, point: 3}
      - {artifact: strategy_document, uri: 'doc:88'}
    support:
      - {relation: cross_functional, by: sales-9, agrees: true}
declared_none: [portfolio_pricing]
concerns:
  - {reason_not_to_promote: One line only., severity: medium, evidence: [acq]}
"""

PACKET_JSON: Final = """\
{"schema_version": 1, "id": "p-1", "rubric": "pure-storage-pm/l3-l4", "as_of": "2026-06-30",
 "evidence": [{"id": "acq", "title": "Integrated a product", "ownership": "led",
  "started": "2025-03-01", "scope": {"functions": ["engineering", "sales"], "teams": 6},
  "facts": [{"metric": "unit_arr_growth", "value": 16.5, "baseline": 11, "unit": "percent/year"},
   {"behaviour": "aligns_functions", "point": 3},
   {"artifact": "strategy_document", "uri": "doc:88"}],
  "support": [{"relation": "cross_functional", "by": "sales-9", "agrees": true}]}],
 "declared_none": ["portfolio_pricing"],
 "concerns": [{"reason_not_to_promote": "One line only.", "severity": "medium",
  "evidence": ["acq"]}]}
"""

RUBRIC: Final = """\
schema_version: 1
id: team/l1-l2
version: 1.0.0
name: First step
current_level: L1
target_level: L2
bar: 0.75
criteria:
  - id: reach
    name: Reach
    weight: 20
    requirements:
      - {fact: aligns_functions, point: 3}
      - {fact: arr_growth, at_least: 18, unit: percent/year}
  - id: craft
    name: Craft
    weight: 0.125
    must_have: 0.5
    requirements:
      - {fact: strategy_document, sections: [market, risks]}
complements:
  - {pair: [reach, craft], strength: 0.001}
"""

RUBRIC_JSON: Final = """\
{"schema_version": 1, "id": "team/l1-l2", "version": "1.0.0", "name": "First step",
 "current_level": "L1", "target_level": "L2", "bar": 0.75,
 "criteria": [{"id": "reach", "name": "Reach", "weight": 20,
   "requirements": [{"fact": "aligns_functions", "point": 3},
    {"fact": "arr_growth", "at_least": 18, "unit": "percent/year"}]},
  {"id": "craft", "name": "Craft", "weight": 0.125, "must_have": 0.5,
   "requirements": [{"fact": "strategy_document", "sections": ["market", "risks"]}]}],
 "complements": [{"pair": ["reach", "craft"], "strength": 0.001}]}
"""

EVIDENCE: Final = """\
packet_id,evidence_id,fact,value,unit,baseline,point,ownership,started,ended,support,note
p-1,acq,unit_arr_growth,16.5,percent/year,,,led,2025-03-01,2026-04-30,manager,first
p-1,acq,aligns_functions,,,,3,led,2025-03-01,2026-04-30,manager,second
p-2,plan,strategy_document,,,,,sole,2025-01-01,2025-12-31,none,third
"""

RATINGS: Final = """\
packet_id,criterion,rater_id,rating,role,date
p-1,reach,r-1,3,manager,2026-06-01
p-1,reach,r-2,2,peer,2026-06-02
p-2,reach,r-1,4,manager,2026-06-01
"""

DECISIONS: Final = """\
packet_id,decided_on,proven,promoted
p-1,2025-12-10,0.8125,1
p-2,2025-12-10,0.25,0
"""

LADDER: Final = """\
| competency | L1 | L2 |
|---|---|---|
| Reach | Helps a team | Leads a team |
| Craft | Writes plans | Owns plans |
"""

LADDER_TABLE: Final = """\
competency,L1,L2
Reach,Helps a team,Leads a team
Craft,Writes plans,Owns plans
"""

LADDER_TREE: Final = """\
L1:
  Reach: Helps a team
  Craft: Writes plans
L2:
  Reach: Leads a team
  Craft: Owns plans
"""

CASE: Final = """\
{"CFRubrics": [{"title": "Step", "CFRubricCriteria": [{"category": "Reach", "weight": 2,
 "CFRubricCriterionLevels": [{"score": 2, "description": "Helps a team"},
  {"score": 3, "description": "Leads a team"}]}]}]}
"""

FORM: Final[dict[str, list[list[Any]]]] = {
    "packet": [["key", "value"], ["id", "p-1"], ["as_of", "2026-06-30"]],
    "evidence": [["id", "title", "ownership"], ["acq", "Integrated a product", "led"]],
    "facts": [
        ["evidence", "metric", "value", "unit", "behaviour", "point"],
        ["acq", "unit_arr_growth", 16.5, "percent/year", None, None],
        ["acq", None, None, None, "aligns_functions", 3],
    ],
}
"""The rows of the sheets of a form."""

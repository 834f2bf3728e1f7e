WITH numbered AS MATERIALIZED (
  SELECT p.*, d.created_at, nextval(pg_get_serial_sequence('papers', 'id')) AS paper_id
  FROM determination_papers p JOIN determinations d ON d.id = p.determination_id
),
made AS (
  INSERT INTO papers (id, kind, title, no, issuer, issued_on, issued_precision, added_by, created_at)
  OVERRIDING SYSTEM VALUE
  SELECT paper_id,
    CASE kind
      WHEN '建设批复' THEN 'reply'
      WHEN '土地证或不动产权证' THEN 'certificate'
      WHEN '投资或拨款凭证' THEN 'voucher'
      WHEN '捐赠协议' THEN 'agreement'
      WHEN '会议纪要' THEN 'minutes'
      ELSE 'other'
    END,
    kind, no, issuer, issued_on, CASE WHEN issued_on IS NOT NULL THEN 'day' END,
    (SELECT e.actor_id FROM events e WHERE e.determination_id = numbered.determination_id AND e.actor_id IS NOT NULL ORDER BY e.at, e.id LIMIT 1),
    created_at
  FROM numbered
  RETURNING id
)
INSERT INTO paper_links (paper_id, determination_id, linked_at)
SELECT paper_id, determination_id, created_at FROM numbered WHERE paper_id IN (SELECT id FROM made);--> statement-breakpoint
DROP TABLE "determination_papers" CASCADE;

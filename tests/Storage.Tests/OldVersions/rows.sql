-- Rows as the first version wrote them, for every table of ours: an idle session, one whose turn was cut in the middle of a
-- tool, one that is deleted and not yet purged. Never changed: a later schema must take what an earlier version inserts.
-- BYTES('x') and PROSE('x') stand for what each database keeps bytes and free text as.

INSERT INTO session (tenant, session_id, epoch, revision, head, reserved, run_state, append_id, message_count, input_tokens,
  output_tokens, created_at, updated_at, overlap, model, title, mailbox, context, system_prompt)
VALUES ('acme', 'sess-idle', 3, 7, 4, 4096, 1, BYTES('0123456789abcdef'), 2, 10, 5, 1900000000000, 1900000001000, 2, 'gpt-4o',
  PROSE('标题'), NULL, BYTES('{"a":1}'), PROSE('Be brief.'));

INSERT INTO session (tenant, session_id, epoch, revision, head, reserved, run_state, append_id, message_count, input_tokens,
  output_tokens, created_at, updated_at, overlap, model, title, mailbox, context, system_prompt)
VALUES ('acme', 'sess-cut', 1, 2, 2, 4097, 2, BYTES('0123456789abcdef'), 1, 0, 0, 1900000002000, 1900000003000, NULL, 'offline',
  NULL, BYTES('{"running":{"turnId":"turn-1-x","firstSeq":1,"messages":1,"scopes":15}}'), NULL, NULL);

INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-idle', 1, 1, 'turn-1-a', 1, 1, 1900000000000, BYTES('{"id":"msg-1","content":"你好","scopes":15}'));
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-idle', 2, 3, 'turn-1-a', 2, 0, 1900000000500, BYTES('[{"k":"t","c":"a"},{"k":"t","c":"b"}]'));
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-idle', 4, 4, 'turn-1-a', 5, 1, 1900000001000, BYTES('{"messageId":"msg-2","content":"ab","finishReason":"stop"}'));
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-cut', 1, 1, 'turn-1-x', 1, 1, 1900000002000, BYTES('{"id":"msg-3","content":"question","scopes":15}'));
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-cut', 2, 2, 'turn-1-x', 3, 0, 1900000002000, BYTES('{"callId":"c","name":"time_now"}'));
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ('acme', 'sess-deleted', 1, 1, 'turn-1-d', 1, 1, 1900000002000, BYTES('{"id":"msg-4","content":"gone","scopes":15}'));

INSERT INTO session_summary (tenant, session_id, until_seq, at, text) VALUES ('acme', 'sess-idle', 1, 1900000001000, PROSE('摘要'));
INSERT INTO session_purge (tenant, session_id) VALUES ('acme', 'sess-deleted');

INSERT INTO outbox (tenant, session_id, event_id, type, at, payload)
VALUES ('acme', 'sess-idle', 'evt-1', 'message.received', 1900000000000, BYTES('{}'));

INSERT INTO idempotency (tenant, scope, idempotency_key, fingerprint, expires_at, claim, result)
VALUES ('acme', 'POST /api/sessions', 'k', 'f', 9000000000000, BYTES('0123456789abcdef'), BYTES('{}'));

INSERT INTO tenant (tenant_id, name, created_at) VALUES ('acme', PROSE('Acme 公司'), 1900000000000);

INSERT INTO api_key (key_id, tenant, name, scopes, created_at, expires_at, hash)
VALUES ('key-1', 'acme', PROSE('钥匙'), 3, 1900000000000, NULL, 'abc');

INSERT INTO tenant_usage (tenant, day, model, shard, turns, input_tokens, output_tokens) VALUES ('acme', 20300517, 'gpt-4o', 0, 1, 10, 5);
INSERT INTO tenant_usage (tenant, day, model, shard, turns, input_tokens, output_tokens) VALUES ('acme', 20300517, 'gpt-4o', 1, 1, 10, 5);

#!/usr/bin/env bash
# Sends one message through the proxy and prints the turn's frames, whatever is killed meanwhile: ./chat.sh "your message"
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server="http://localhost:$((3000 + ${PORT_OFFSET:-0}))"
headers=(-H "Authorization: Bearer $(cat "$here/data/openclaw/admin-key")" -H "Content-Type: application/json" -H "Idempotency-Key: $$-$RANDOM$RANDOM")
message=${1:-帮我写一段代码}

until session=$(curl -sf "$server/api/sessions" "${headers[@]}" -d '{}' | sed -E 's/.*"sessionId":"([^"]+)".*/\1/'); do sleep 0.5; done
echo "session $session"

last="" finished=""
read_frames() {
  local line
  while IFS= read -r line; do
    case $line in
      "id: "*) last=${line#id: } ;;
      "data: "*)
        echo "$(date +%T) ${line#data: }"
        case $line in 'data: {"type":"done"'* | 'data: {"type":"error"'*) finished=yes; return ;; esac
        ;;
    esac
  done
}

while [ -z "$finished" ]; do
  if [ -z "$last" ]; then
    # Under one Idempotency-Key: sent again, it is the same message.
    read_frames < <(curl -sN "$server/api/sessions/$session/messages/stream" "${headers[@]}" -d "{\"content\":\"$message\"}")
  else
    read_frames < <(curl -sN "$server/api/sessions/$session/stream" "${headers[@]}" -H "Last-Event-ID: $last")
  fi
  [ -n "$finished" ] || { echo "$(date +%T) the connection ended; asking for the rest"; sleep 0.5; }
done

import json
import sys

text = sys.stdin.read()
print(json.dumps({"words": len(text.split()), "lines": len(text.splitlines())}))

#!/bin/sh
# Writes the request's query down before it is answered. The body is read to its end first: a server that closes a
# connection on which something is still to be read breaks off its answer.
cat >/dev/null
echo "$QUERY_STRING" >>/data/requests
printf 'Content-Type: text/plain\r\n\r\n%s\n' "$QUERY_STRING"

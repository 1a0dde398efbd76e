#!/bin/sh
# Writes the request's query down before it is answered.
echo "$QUERY_STRING" >>/data/requests
printf 'Content-Type: text/plain\r\n\r\n%s\n' "$QUERY_STRING"

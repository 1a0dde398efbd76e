#!/bin/sh
# Says what was written down.
printf 'Content-Type: text/plain\r\n\r\n'
cat /data/requests

//go:build tools

// Package tools pins what the local platform builds from this module.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)

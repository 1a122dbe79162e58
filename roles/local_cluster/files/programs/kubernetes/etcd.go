package main

import (
	"errors"
	"net/url"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
)

// newEtcdCommand serves a store of one member on a Unix socket: who may open
// the socket's folder may read the cluster, and nobody else.
func newEtcdCommand() *cobra.Command {
	var dataDir, socket string
	command := &cobra.Command{
		Use:          "etcd",
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			store, err := embed.StartEtcd(etcdConfig(dataDir, socket))
			if err != nil {
				return err
			}
			defer store.Close()
			select {
			case <-ctx.Done():
				return nil
			case err := <-store.Err():
				return err
			case <-store.Server.StopNotify():
				return errors.New("etcd stopped by itself")
			}
		},
	}
	command.Flags().StringVar(&dataDir, "data-dir", "", "folder of the data")
	command.Flags().StringVar(&socket, "socket", "", "path of the clients' socket")
	return command
}

func etcdConfig(dataDir, socket string) *embed.Config {
	config := embed.NewConfig()
	config.Name = "local"
	config.Dir = dataDir
	config.LogLevel = "warn"
	config.WarningUnaryRequestDuration = time.Second // unset, it warns of every request
	// The data is as disposable as the cluster: no wait for the disk.
	config.UnsafeNoFsync = true
	config.AutoCompactionMode = "periodic"
	config.AutoCompactionRetention = "30m"
	config.ListenClientUrls = []url.URL{{Scheme: "unix", Path: socket}}
	config.ListenPeerUrls = []url.URL{{Scheme: "unix", Path: socket + ".peer"}}
	// What it advertises must be of the form host:port; a store of one member is never asked there.
	config.AdvertiseClientUrls = []url.URL{{Scheme: "http", Host: "localhost:2379"}}
	config.AdvertisePeerUrls = []url.URL{{Scheme: "http", Host: "localhost:2380"}}
	config.InitialCluster = config.Name + "=" + config.AdvertisePeerUrls[0].String()
	return config
}

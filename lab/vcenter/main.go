// A vCenter from govmomi's simulator: an inventory of the size that is asked for, over TLS on loopback, until it is told
// to end, or its time is over.
//
// Why not the vcsim that comes with govmomi: Debian has the library without the program; the library's property
// collector answers everything at once, where a real vCenter answers in pages; and it keeps every value that a custom
// attribute ever had, where a real one keeps the last and none that is empty. This one does as the real one does.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Pager is the property collector with pages: what is over the size that a client can take waits for it under a token.
// The simulator makes one for each session.
type Pager struct {
	simulator.PropertyCollector
	rest  map[string][]types.ObjectContent
	size  int
	pages int
}

func (p *Pager) page(objects []types.ObjectContent) types.RetrieveResult {
	if p.size <= 0 || len(objects) <= p.size {
		return types.RetrieveResult{Objects: objects}
	}
	if p.rest == nil {
		p.rest = make(map[string][]types.ObjectContent)
	}
	p.pages++
	token := strconv.Itoa(p.pages)
	p.rest[token] = objects[p.size:]
	return types.RetrieveResult{Token: token, Objects: objects[:p.size]}
}

// RetrievePropertiesEx answers the first page.
func (p *Pager) RetrievePropertiesEx(ctx *simulator.Context, r *types.RetrievePropertiesEx) soap.HasFault {
	answer := p.PropertyCollector.RetrievePropertiesEx(ctx, r)
	body, ok := answer.(*methods.RetrievePropertiesExBody)
	if ok && body.Res != nil && body.Res.Returnval != nil && r.Options.MaxObjects > 0 {
		p.size = int(r.Options.MaxObjects)
		*body.Res.Returnval = p.page(body.Res.Returnval.Objects)
	}
	return answer
}

// ContinueRetrievePropertiesEx answers the next page, once.
func (p *Pager) ContinueRetrievePropertiesEx(_ *simulator.Context, r *types.ContinueRetrievePropertiesEx) soap.HasFault {
	body := &methods.ContinueRetrievePropertiesExBody{}
	objects, ok := p.rest[r.Token]
	if !ok {
		body.Fault_ = simulator.Fault("there is no such token", &types.InvalidArgument{InvalidProperty: "token"})
		return body
	}
	delete(p.rest, r.Token)
	body.Res = &types.ContinueRetrievePropertiesExResponse{Returnval: p.page(objects)}
	return body
}

// CancelRetrievePropertiesEx forgets what waits.
func (p *Pager) CancelRetrievePropertiesEx(_ *simulator.Context, r *types.CancelRetrievePropertiesEx) soap.HasFault {
	delete(p.rest, r.Token)
	return &methods.CancelRetrievePropertiesExBody{Res: &types.CancelRetrievePropertiesExResponse{}}
}

// Attributes keeps one value for each custom attribute of an object.
type Attributes struct {
	simulator.CustomFieldsManager
}

func without(values []types.BaseCustomFieldValue, key int32) []types.BaseCustomFieldValue {
	var rest []types.BaseCustomFieldValue
	for _, value := range values {
		if value.GetCustomFieldValue().Key != key {
			rest = append(rest, value)
		}
	}
	return rest
}

// SetField replaces the value; an empty one removes it.
func (a *Attributes) SetField(ctx *simulator.Context, r *types.SetField) soap.HasFault {
	if found, ok := simulator.Map.Get(r.Entity).(mo.Entity); ok {
		entity := found.Entity()
		ctx.WithLock(entity, func() {
			entity.CustomValue = without(entity.CustomValue, r.Key)
			entity.Value = without(entity.Value, r.Key)
		})
		if r.Value == "" {
			return &methods.SetFieldBody{Res: &types.SetFieldResponse{}}
		}
	}
	return a.CustomFieldsManager.SetField(ctx, r)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ownCertificate is one for loopback, signed by itself, with a key of its own: that of Go's test server is too weak for OpenSSL.
func ownCertificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fail(err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "simulated vCenter"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(7 * 24 * time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	fail(err)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

func main() {
	model := simulator.VPX()
	flag.IntVar(&model.Datacenter, "datacenters", model.Datacenter, "datacenters")
	flag.IntVar(&model.Cluster, "clusters", model.Cluster, "clusters of each datacenter")
	flag.IntVar(&model.ClusterHost, "cluster-hosts", model.ClusterHost, "hosts of each cluster")
	flag.IntVar(&model.Host, "hosts", model.Host, "hosts of each datacenter that are in no cluster")
	flag.IntVar(&model.Machine, "vms", model.Machine, "VMs of each cluster, and of each host that is in none")
	flag.IntVar(&model.Datastore, "datastores", model.Datastore, "datastores of each datacenter")
	flag.IntVar(&model.Portgroup, "portgroups", model.Portgroup, "distributed port groups of each datacenter")
	user := flag.String("user", "", "who may log in")
	certificate := flag.String("certificate", "", "file for its certificate")
	seconds := flag.Int("seconds", 900, "after which it ends by itself")
	flag.Parse()

	fail(model.Create())
	defer model.Remove()
	collector := &Pager{}
	collector.Self = model.ServiceContent.PropertyCollector
	simulator.Map.Put(collector)
	fields := simulator.Map.Get(*model.ServiceContent.CustomFieldsManager).(*simulator.CustomFieldsManager)
	simulator.Map.Put(&Attributes{*fields})

	// The password comes by the environment: a command line can be read by everybody.
	login := url.UserPassword(*user, os.Getenv("VCENTER_PASSWORD"))
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: login}
	model.Service.TLS = &tls.Config{Certificates: []tls.Certificate{ownCertificate()}}
	model.Service.RegisterEndpoints = true
	// It is never closed: that would wait for every question that waits for changes. The end of the process ends it.
	server := model.Service.NewServer()
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	fail(os.WriteFile(*certificate, block, 0o644))
	fmt.Println("READY", server.URL.Host)

	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	select {
	case <-told:
	case <-time.After(time.Duration(*seconds) * time.Second):
	}
}

// Command policy_engine asks the policy code of the Kubernetes API server: the admission plugin
// ValidatingAdmissionPolicy as a server runs it, over clients that hold the objects of the question.
//
// It reads a list of groups as JSON from standard input and writes a list of verdicts for each group.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	meta1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

// Group is one policy as it was rendered, with all that it may read, and questions about it.
type Group struct {
	Policy     json.RawMessage   `json:"policy"`
	Binding    json.RawMessage   `json:"binding"`
	ConfigMaps []json.RawMessage `json:"configMaps"`
	Namespaces []json.RawMessage `json:"namespaces"`
	Requests   []Request         `json:"requests"`
}

// Request is a request to the Kubernetes API.
type Request struct {
	Group, Version, Kind, Resource, Subresource string
	Namespace, Name, Operation                  string
	User                                        string
	Groups                                      []string
	Object, OldObject                           json.RawMessage
	// Typed: read the objects into the types of Kubernetes, as a server does, where null is absent, and absent is empty.
	Typed bool
}

// Verdict is what the server answers. Unread: the objects do not fit the types of Kubernetes, so that nobody was asked.
type Verdict struct {
	Denied  bool   `json:"denied"`
	Message string `json:"message"`
	Unread  bool   `json:"unread"`
}

type interfaces struct {
	admission.ObjectInterfaces
	equivalents runtime.EquivalentResourceMapper
}

func (i interfaces) GetEquivalentResourceMapper() runtime.EquivalentResourceMapper {
	return i.equivalents
}

var objects = interfaces{admission.NewObjectInterfacesFromScheme(scheme.Scheme), runtime.NewEquivalentResourceRegistry()}

func main() {
	var groups []Group
	if err := json.NewDecoder(os.Stdin).Decode(&groups); err != nil {
		fail(err)
	}
	answers := make([][]Verdict, len(groups))
	for index, group := range groups {
		found, err := group.answer()
		if err != nil {
			fail(fmt.Errorf("group %d: %w", index, err))
		}
		answers[index] = found
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func (g Group) answer() ([]Verdict, error) {
	policy, binding := &admissionregistration.ValidatingAdmissionPolicy{}, &admissionregistration.ValidatingAdmissionPolicyBinding{}
	if err := strict(g.Policy, policy); err != nil {
		return nil, err
	}
	if err := strict(g.Binding, binding); err != nil {
		return nil, err
	}
	serverDefaults(policy)
	known := []runtime.Object{policy, binding}
	for _, text := range g.ConfigMaps {
		item := &core.ConfigMap{}
		if err := json.Unmarshal(text, item); err != nil {
			return nil, err
		}
		known = append(known, item)
	}
	for _, text := range g.Namespaces {
		item := &core.Namespace{}
		if err := json.Unmarshal(text, item); err != nil {
			return nil, err
		}
		known = append(known, item)
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	plugin, err := start(ctx, known)
	if err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(g.Requests))
	for index, request := range g.Requests {
		verdicts[index] = request.ask(ctx, plugin)
	}
	return verdicts, nil
}

// serverDefaults fills in what a server fills in when it stores a policy, whose code is not part of its library.
func serverDefaults(policy *admissionregistration.ValidatingAdmissionPolicy) {
	constraints := policy.Spec.MatchConstraints
	if constraints.NamespaceSelector == nil {
		constraints.NamespaceSelector = &meta1.LabelSelector{}
	}
	if constraints.ObjectSelector == nil {
		constraints.ObjectSelector = &meta1.LabelSelector{}
	}
	every := admissionregistration.AllScopes
	for index := range constraints.ResourceRules {
		if constraints.ResourceRules[index].Scope == nil {
			constraints.ResourceRules[index].Scope = &every
		}
	}
}

// strict reads an object and refuses fields that its type does not have.
func strict(text json.RawMessage, into runtime.Object) error {
	raw := &unstructured.Unstructured{}
	if err := json.Unmarshal(text, raw); err != nil {
		return err
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(raw.Object, into, true)
}

// start returns the plugin of a server whose objects are known and have been read.
func start(ctx context.Context, known []runtime.Object) (*validating.Plugin, error) {
	plugin, err := validating.NewPlugin(nil)
	if err != nil {
		return nil, err
	}
	client := fake.NewSimpleClientset(known...)
	factory := informers.NewSharedInformerFactory(client, 0)
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{core.SchemeGroupVersion})
	mapper.Add(core.SchemeGroupVersion.WithKind("ConfigMap"), meta.RESTScopeNamespace)
	plugin.SetExternalKubeClientSet(client)
	plugin.SetExternalKubeInformerFactory(factory)
	plugin.SetDynamicClient(dynamicfake.NewSimpleDynamicClient(scheme.Scheme))
	plugin.SetRESTMapper(mapper)
	plugin.SetAuthorizer(authorizerfactory.NewAlwaysDenyAuthorizer())
	plugin.SetDrainedNotification(ctx.Done())
	if err := plugin.ValidateInitialization(); err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if !plugin.WaitForReady() {
		return nil, fmt.Errorf("the plugin did not become ready")
	}
	return plugin, nil
}

func (r Request) ask(ctx context.Context, plugin *validating.Plugin) Verdict {
	kind := schema.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
	object, err := r.read(kind, r.Object)
	if err != nil {
		return Verdict{Unread: true, Message: err.Error()}
	}
	old, err := r.read(kind, r.OldObject)
	if err != nil {
		return Verdict{Unread: true, Message: err.Error()}
	}
	attributes := admission.NewAttributesRecord(
		object, old, kind, r.Namespace, r.Name,
		schema.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: r.Resource}, r.Subresource,
		admission.Operation(r.Operation), nil, false, &user.DefaultInfo{Name: r.User, Groups: r.Groups},
	)
	if err := plugin.Validate(ctx, attributes, objects); err != nil {
		return Verdict{Denied: true, Message: err.Error()}
	}
	return Verdict{}
}

// read returns an object of a request; nil where there is none.
func (r Request) read(kind schema.GroupVersionKind, text json.RawMessage) (runtime.Object, error) {
	var content map[string]any
	if err := json.Unmarshal(text, &content); err != nil || content == nil {
		return nil, err
	}
	if !r.Typed {
		content["apiVersion"], content["kind"] = kind.GroupVersion().String(), kind.Kind
		return &unstructured.Unstructured{Object: content}, nil
	}
	typed, err := scheme.Scheme.New(kind)
	if err != nil {
		return nil, err
	}
	content["apiVersion"], content["kind"] = kind.GroupVersion().String(), kind.Kind
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(content, typed, true); err != nil {
		return nil, err
	}
	typed.GetObjectKind().SetGroupVersionKind(kind)
	return typed, nil
}

/// How a service is run.
package struct ServiceSettings: Sendable {
  /// The models that it answers with; the first one for a task is that of requests which name none.
  package var models: [ModelSource]
  package var address = ServiceAddress()
  /// Images that are answered at a time.
  package var workers = 1
  /// Threads that one run of a network computes with.
  package var threads = 1
  package var batching = Batching()
  package var limits = RequestLimits()
  /// The most bytes that all models' weights may take together; nil for no limit.
  package var memory: Int?
  package var access = AccessRules()
  /// Seconds between looks at the models' files; 0 never looks.
  package var reloadSeconds = 1.0
  /// Whether downloading of pretrained models is forbidden.
  package var offline = false

  package init(models: [ModelSource]) { self.models = models }
}

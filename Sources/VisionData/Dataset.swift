/// Samples to learn from, and others to judge by.
public struct Dataset<Subject: Sendable, Truth: Annotation>: Sendable {
  public var name: String
  public var training: any SampleSource<Subject, Truth>
  /// What each epoch is judged by; nil for none.
  public var validation: (any SampleSource<Subject, Truth>)?
  /// What the model that is kept is judged by in the end; nil for none.
  public var test: (any SampleSource<Subject, Truth>)?
  /// The record of the samples' files that a run keeps in its folder, and the place that errors of it name; nil for none.
  package var ledger: (ledger: ImageLedger, root: String)?

  public init(
    name: String, training: any SampleSource<Subject, Truth>,
    validation: (any SampleSource<Subject, Truth>)? = nil, test: (any SampleSource<Subject, Truth>)? = nil
  ) {
    (self.name, self.training, self.validation, self.test) = (name, training, validation, test)
  }
}

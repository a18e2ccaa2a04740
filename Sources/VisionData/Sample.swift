/// One thing to learn from or to judge by, and what is true of it.
public struct Sample<Subject: Sendable, Truth: Annotation>: Sendable {
  /// What tells it from others, such as a path below the data's folder.
  public var name: String
  /// What a network is asked about: an image, a row of a table.
  public var subject: Subject
  /// Nil where nobody says.
  public var truth: Truth?

  public init(name: String, subject: Subject, truth: Truth?) {
    (self.name, self.subject, self.truth) = (name, subject, truth)
  }
}

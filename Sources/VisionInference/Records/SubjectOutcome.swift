package import VisionSystem

/// The record of a subject, or the reason why there is none.
package struct SubjectOutcome: Sendable {
  /// A value, or the reason why there is none.
  package enum Answer<Value: Sendable>: Sendable {
    case success(Value)
    case failure(any VisionError)
  }

  /// The name of the subject, such as a path.
  package let name: String
  /// Other facts about the subject, such as an image's width and height; the names are those of
  /// `RecordLayout.subjectColumns`.
  package let facts: [(name: String, value: JSON)]
  package let result: Answer<Record>
  /// The time from the first byte read to the record; 0 where there is none.
  package let milliseconds: Double
  /// The irregularity of a subject that still has a record; nil for none.
  package let damage: String?

  package init(
    _ name: String, facts: [(name: String, value: JSON)] = [], _ result: Answer<Record>,
    milliseconds: Double = 0, damage: String? = nil
  ) {
    (self.name, self.facts, self.result) = (name, facts, result)
    (self.milliseconds, self.damage) = (milliseconds, damage)
  }

  package var error: (any VisionError)? {
    if case .failure(let error) = result { error } else { nil }
  }
}

package import VisionSystem

/// What became of one subject: its record, or why there is none.
package struct SubjectOutcome: Sendable {
  /// Something, or why there is none.
  package enum Answer<Value: Sendable>: Sendable {
    case success(Value)
    case failure(any VisionError)
  }

  /// What the subject is called, such as a path.
  package let name: String
  /// What is known of it beside, such as the sides of an image; the names are those of `RecordLayout.subjectColumns`.
  package let facts: [(name: String, value: JSON)]
  package let result: Answer<Record>
  /// The time from the first byte read to the record; 0 where there is none.
  package let milliseconds: Double
  /// What was wrong with a subject that has a record all the same.
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

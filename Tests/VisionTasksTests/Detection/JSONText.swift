import VisionSystem

@testable import VisionTasks

/// What a record of an evaluation says.
enum JSONText {
  static func of(_ results: DetectionResults) -> String { JSON.object(results.members).text }
}

import Foundation
import Testing

@testable import VisionSystem

@Suite struct VisionErrorTests {
  @Test func localizedDescriptionSaysWhatTheErrorSays() {
    let error: any Error = TrainingError(
      .batch, "a batch of 0 images", place: "settings", remedy: "give at least 1")
    #expect(error.localizedDescription == "settings: a batch of 0 images (give at least 1)")
    #expect((error as? any LocalizedError)?.recoverySuggestion == "give at least 1")
  }
}

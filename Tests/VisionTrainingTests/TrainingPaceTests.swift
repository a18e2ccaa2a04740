import Testing

@testable import VisionTraining

@Suite struct TrainingPaceTests {
  @Test func theEpochsFitIntoTheTime() {
    let pace = TrainingPace(secondsOfEpoch: 10, secondsOfEvaluation: 5)
    #expect(pace.epochs(in: 65) == 6)
    #expect(pace.epochs(in: 64.9) == 5)
    // At least one, however short the time.
    #expect(pace.epochs(in: 1) == 1)
    #expect(TrainingPace(secondsOfEpoch: 0, secondsOfEvaluation: 0).epochs(in: 1) == 1000)
  }
}

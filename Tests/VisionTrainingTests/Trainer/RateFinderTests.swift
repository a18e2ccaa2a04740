import Testing

@testable import VisionTraining

@Suite struct RateFinderTests {
  @Test func findsWhereTheLossFallsAndLeavesNoTrace() throws {
    let make = {
      var settings = TrainingToy.settings()
      settings.batchSize = 8
      return try Trainer(TrainingToy.Network(), on: TrainingToy.samples(16), settings: settings)
    }
    let untouched = try make().runBlocking(epochs: 2)
    let trainer = try make()
    let result = try trainer.findRate(RateFinder(first: 1e-5, last: 100, steps: 60))
    let suggestion = try #require(result.suggestion)
    #expect(suggestion > 1e-5 && suggestion < 10)
    #expect(result.points.count > 10)
    for (a, b) in zip(result.points, result.points.dropFirst()) {
      #expect(abs(b.rate / a.rate - 1.31413) < 1e-4)
    }
    let after = try trainer.runBlocking(epochs: 2)
    #expect(after.lastParameters.map(\.tensor) == untouched.lastParameters.map(\.tensor))
    #expect(after.history.map(\.trainingLoss) == untouched.history.map(\.trainingLoss))
  }

  @Test func suggestsTheSteepestFall() throws {
    let losses = [1, 1, 0.99, 0.9, 0.5, 0.4, 0.39, 0.8, 3]
    let points = losses.enumerated().map {
      RateFinder.Point(rate: Double($0), loss: $1, smoothed: $1)
    }
    #expect(RateFinder.suggestion(points) == 4)
    let rising = (0..<9).map { RateFinder.Point(rate: Double($0), loss: Double($0), smoothed: Double($0)) }
    #expect(RateFinder.suggestion(rising) == nil)
    #expect(RateFinder.suggestion([]) == nil)
    // Of many steps the first ones are noise, however steep it is: the fall is looked for behind them.
    var noisy = [Double](repeating: 2.3, count: 100)
    for step in 0..<6 { noisy[step] = 3 - 0.4 * Double(step) }
    for step in 60..<72 { noisy[step] = 2.3 - 0.15 * Double(step - 60) }
    for step in 72..<100 { noisy[step] = 0.5 }
    let many = noisy.enumerated().map { RateFinder.Point(rate: Double($0), loss: $1, smoothed: $1) }
    let early = try #require(RateFinder.suggestion(many))
    #expect(early < 6)
    let found = try #require(RateFinder.suggestion(many, steps: 100))
    #expect((60...72).contains(found))
  }
}

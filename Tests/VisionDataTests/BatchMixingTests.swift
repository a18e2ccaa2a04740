import Testing
import VisionSystem
import VisionTestSupport
import VisionImage
import VisionTensor

@testable import VisionData

@Suite struct BatchMixingTests {
  private let shape: Shape = [2, 6, 8]
  private var elements: Int { shape.elementCount }

  /// Four samples of 2×6×8 numbers, sample n being all n, of class n.
  private func batch(_ position: Int) -> BatchMemory {
    let specs = [
      TensorSpec(name: "input", shape: shape.map { .fixed($0) }, mixing: .linear),
      TensorSpec(name: "target", type: .int64, shape: [], mixing: .classes(4)),
    ]
    let batch = BatchMemory(specs, capacity: 4, isMixed: true)
    batch.samples = [0, 1, 2, 3]
    batch.position = position
    for row in 0..<4 {
      let slots = batch.slots(row)
      slots.floats(0).update(repeating: Float(row))
      slots.integers(1)[0] = Int64(row)
    }
    batch.expandClasses()
    return batch
  }

  private func image(_ batch: BatchMemory, _ row: Int) -> UnsafeMutableBufferPointer<Float> {
    batch.floats(0, row: row)
  }

  private func targets(_ batch: BatchMemory) -> [Float] {
    Array(batch.bytes(1, count: 4).bindMemory(to: Float.self))
  }

  @Test func mixUpTakesAsMuchOfTheImageAsOfItsTarget() {
    var parts: Set<Float> = []
    for position in 0..<50 {
      let batch = batch(position)
      BatchMixing(mixUp: 1).apply(to: batch, seed: 3)
      let targets = targets(batch)
      let part = targets[0]
      parts.insert(part)
      for row in 0..<4 {
        let before = (row + 3) % 4
        for column in 0..<4 {
          let expected = column == row ? part : column == before ? 1 - part : 0
          #expect(abs(targets[row * 4 + column] - expected) < 1e-6)
        }
        for value in image(batch, row) {
          #expect(abs(value - (Float(row) * part + Float(before) * (1 - part))) < 1e-5)
        }
      }
    }
    #expect(parts.count == 50)
  }

  @Test func cutMixTakesARectangleAndItsArea() {
    var areas: Set<Int> = []
    for position in 0..<50 {
      let batch = batch(position)
      BatchMixing(cutMix: 1).apply(to: batch, seed: 3)
      let targets = targets(batch)
      let foreign = image(batch, 0).indices.filter { image(batch, 0)[$0] == 3 }
      areas.insert(foreign.count / 2)
      #expect(abs(targets[3] - Float(foreign.count) / Float(elements)) < 1e-6)
      #expect(abs(targets[0] + targets[3] - 1) < 1e-6)
      // The same places in all samples and channels, and they are a rectangle.
      let places = foreign.filter { $0 < 48 }
      #expect(foreign == places + places.map { $0 + 48 })
      let (columns, rows) = (Set(places.map { $0 % 8 }), Set(places.map { $0 / 8 }))
      #expect(columns.count * rows.count == places.count)
      for row in 1..<4 {
        let expected = image(batch, 0).indices.map { Float(foreign.contains($0) ? row - 1 : row) }
        #expect(Array(image(batch, row)) == expected)
      }
    }
    #expect(areas.count > 8)
  }

  @Test func theProbabilityAndBothKindsAreKept() {
    func kinds(_ mixing: BatchMixing) -> [Int] {
      var counts = [0, 0, 0]
      for position in 0..<300 {
        let batch = batch(position)
        mixing.apply(to: batch, seed: 3)
        let values = Set(image(batch, 2))
        let isWhole = values == [2]
        counts[isWhole ? 0 : values.isSubset(of: [1, 2]) ? 1 : 2] += 1
      }
      return counts
    }
    #expect(kinds(BatchMixing()) == [300, 0, 0])
    let half = kinds(BatchMixing(mixUp: 1, probability: 0.5))
    #expect(half[1] == 0 && abs(half[2] - 150) < 44)
    let both = kinds(BatchMixing(mixUp: 1, cutMix: 1))
    // A rectangle may be empty, or all of the image.
    #expect(abs(both[2] - 150) < 44 && both[1] > 80)
  }

  @Test func lambdaHasTheMomentsOfTheBetaDistribution() {
    var random = AugmentationRandom(AugmentationKey(seed: 8))
    for alpha in [0.05, 0.2, 0.8, 1, 2.5, 20] {
      let values = (0..<4000).map { _ in BatchMixing.beta(alpha, &random) }
      #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
      let mean = values.reduce(0, +) / 4000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
      let expected = 1 / (4 * (2 * alpha + 1))
      #expect(abs(mean - 0.5) < 5 * (expected / 4000).squareRoot())
      #expect(abs(variance / expected - 1) < 0.12, "α = \(alpha)")
    }
    #expect((0..<50).allSatisfy { _ in (0...1).contains(BatchMixing.beta(1e-6, &random)) })
  }
}

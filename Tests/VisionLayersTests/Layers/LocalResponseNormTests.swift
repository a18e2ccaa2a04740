import Testing
import VisionGraph
import VisionLayers

@Suite struct LocalResponseNormTests {
  @Test func dividesByTheMeanSquareOfItsNeighbors() throws {
    let layer = LocalResponseNorm(3, alpha: 3, beta: 1, k: 2)
    let values = try run(layer, [1, 2, 3, 4], [1, 4, 1, 1])?.floats
    // x / (2 + sum of squares of the channel and its two neighbors).
    #expect(values == [1 / Float(7), 2 / Float(16), 3 / Float(31), 4 / Float(27)])
  }
}

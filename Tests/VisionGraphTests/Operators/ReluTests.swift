import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReluTests {
  @Test func cutsOffBelowZeroAndKeepsNaN() throws {
    let x = Tensor([-1, 0, 2, .infinity, -.infinity, .nan] as [Float])
    try checkOperator(Relu(), [x], expected: [Tensor([0, 0, 2, .infinity, 0, .nan] as [Float])])
  }
}

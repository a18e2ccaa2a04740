import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ScatterTests {
  private static let inputs = [
    Tensor([1, 2, 3, 4, 5] as [Float], shape: [1, 5]), Tensor([1, 3] as [Int64], shape: [1, 2]),
    Tensor([1.1, 2.1] as [Float], shape: [1, 2]),
  ]

  @Test func replaces() throws {
    try checkOperator(
      Scatter(axis: 1), Self.inputs, expected: [Tensor([1, 1.1, 3, 2.1, 5] as [Float], shape: [1, 5])],
      roundTrips: false)
  }

  @Test func isReadAsScatterElements() throws {
    let old = try importNode(Scatter.self, opset: 9, Self.inputs, ["axis": .int(1)])
    let new = try importNode(ScatterElements.self, opset: 11, Self.inputs, ["axis": .int(1)])
    #expect(old == new)
    #expect(
      graphErrorKind {
        try importNode(Scatter.self, opset: 9, Self.inputs, ["reduction": .string("add")])
      } == .unsupportedFeature)
  }
}

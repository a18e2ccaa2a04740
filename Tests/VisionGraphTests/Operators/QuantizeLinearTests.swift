import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct QuantizeLinearTests {
  @Test func roundsAndSaturates() throws {
    try checkOperator(QuantizeLinear(), [Tensor([0, 2, 3, 1000, -254, -1000] as [Float]), Tensor(scalar: Float(2)), Tensor(scalar: UInt8(128))], expected: [Tensor([128, 129, 130, 255, 1, 0] as [UInt8])])
    try checkOperator(QuantizeLinear(), [Tensor([0.5, 1.5, 2.5, -0.5, -1.5, 300] as [Float]), Tensor(scalar: Float(1))], expected: [Tensor([0, 2, 2, 0, 0, 255] as [UInt8])])
    try checkOperator(QuantizeLinear(), [Tensor([0, 2, 3, 1000, -254, -1000] as [Float]), Tensor([2] as [Float]), Tensor([-3] as [Int8])], expected: [Tensor([-3, -2, -1, 127, -128, -128] as [Int8])])
    try checkOperator(QuantizeLinear(), [Tensor([7, -7] as [Int32]), Tensor(scalar: Float(2)), Tensor(scalar: Int16(0))], expected: [Tensor([4, -4] as [Int16])])
  }

  @Test func scalesEachSliceAlongAnAxis() throws {
    try checkOperator(QuantizeLinear(), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([1, 0.5, 2] as [Float]), Tensor([0, 1, 2] as [UInt8])], expected: [Tensor([0, 3, 3, 3, 9, 4] as [UInt8], shape: [2, 3])])
    try checkOperator(QuantizeLinear(axis: -2), [Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([1, 0.25] as [Float]), Tensor([0, 1] as [UInt8])], expected: [Tensor([0, 1, 2, 13, 17, 21] as [UInt8], shape: [2, 3])])
    try checkOperator(QuantizeLinear(), [Tensor([] as [Float], shape: [0, 3]), Tensor([1, 0.5, 2] as [Float])], expected: [Tensor([] as [UInt8], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [3]), Fact(.uint8, [])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [1, 3])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([Fact(.float32, [2]), Fact(.float32, []), Fact(.float32, [])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([Fact(.float32, [2]), Fact(.float32, [2])]) }
  }

  @Test func readsTheTypeOfTheResult() throws {
    #expect(try importNode(QuantizeLinear.self, opset: 21, [Tensor([-7, 3] as [Float]), Tensor(scalar: Float(1))], ["output_dtype": .int(3)]) == [Tensor([-7, 3] as [Int8])])
  }

  @Test func refusesBlocksAndOtherTypes() {
    #expect(graphErrorKind { try importNode(QuantizeLinear.self, opset: 21, [Tensor([1] as [Float]), Tensor([1] as [Float])], ["block_size": .int(2)]) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(QuantizeLinear.self, opset: 21, [Tensor([1] as [Float]), Tensor([1] as [Float])], ["output_dtype": .int(17)]) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(QuantizeLinear.self, opset: 23, [Tensor([1] as [Float]), Tensor([1] as [Float])], ["precision": .int(10)]) } == .unsupportedFeature)
  }
}

import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct HardmaxTests {
  @Test func marksTheFirstOfTheLargest() throws {
    let x = Tensor([3, 0, 1, 2, 2, 5, 1, 0, 1, 3, 2, 3] as [Float], shape: [3, 4])
    try checkOperator(
      Hardmax(), [x],
      expected: [Tensor([1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0] as [Float], shape: [3, 4])])
    try checkOperator(
      Hardmax(axis: 0), [x],
      expected: [Tensor([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1] as [Float], shape: [3, 4])])
    try checkOperator(
      Hardmax(axis: -2), [Tensor([1, .nan, .infinity, .nan] as [Double], shape: [2, 2])],
      expected: [Tensor([0, 1, 1, 0] as [Double], shape: [2, 2])])
  }

  @Test func readsOlderForms() throws {
    let x = Tensor([3, 0, 1, 2, 2, 5, 1, 0] as [Float], shape: [1, 2, 4])
    #expect(
      try importNode(Hardmax.self, opset: 11, [x])[0].floats == [0, 0, 0, 0, 0, 1, 0, 0])
    #expect(
      try importNode(Hardmax.self, opset: 13, [x])[0].floats == [1, 0, 0, 0, 0, 1, 0, 0])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Hardmax(axis: 2).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Hardmax().outputs([Fact(.int32, [2, 3])]) }
  }
}

import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX Runtime.
@Suite struct CropAndResizeTests {
  @Test func cropsAndResizes() throws {
    try checkOperator(
      CropAndResize(outside: 9),
      [
        pattern([2, 1, 4, 5]), golden([2, 4], "0 0 1 1 0.25 0.5 0.75 1.2"), Tensor([0, 1] as [Int32]),
        Tensor([3, 2] as [Int32]),
      ], constants: [3],
      expected: [golden([2, 1, 3, 2], "-2.5 0.625 -1.125 -0.5625 0.25 -1.75 0 9 0.6875 9 1.375 9")])
    try checkOperator(
      CropAndResize(mode: .nearest),
      [
        pattern([2, 1, 4, 5]), golden([2, 4], "0 0 1 1 0.3 0.4 0.75 0.9"), Tensor([1, 0] as [Int32]),
        Tensor([2, 3] as [Int32]),
      ], constants: [3],
      expected: [
        golden([2, 1, 2, 3], "-2.25 1.875 0.875 0.5 -0.5 -1.5 -0.875 -1.375 -1.875 1.75 1.25 0.75")
      ])
    try checkOperator(
      CropAndResize(),
      [
        pattern([2, 1, 4, 5]), golden([1, 4], "0.1 0.2 0.9 0.7"), Tensor([1] as [Int32]),
        Tensor([1, 1] as [Int32]),
      ], constants: [3], expected: [golden([1, 1, 1, 1], "0.7875")])
  }

  @Test func refusesWhatDoesNotFit() {
    let x = pattern([2, 1, 4, 5])
    let boxes = golden([1, 4], "0 0 1 1")
    #expect(throws: EvaluationError.self) {
      try CropAndResize().evaluate([x, boxes, Tensor([Int32(2)]), Tensor([1, 1] as [Int32])])
    }
    #expect(throws: ShapeError.self) {
      try CropAndResize().outputs([
        Fact(.float32, x.shape), Fact(.float32, [1, 4]), Fact(.int32, [2]),
        Fact(constant: Tensor([1, 1] as [Int32])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try CropAndResize().outputs([
        Fact(.float32, x.shape), Fact(.float32, [1, 4]), Fact(.int32, [1]),
        Fact(constant: Tensor([0, 1] as [Int32])),
      ])
    }
  }
}

import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CenterCropPadTests {
  @Test func cropsAndPads() throws {
    try checkOperator(
      CenterCropPad(), [pattern([5, 4]), Tensor([2, 7] as [Int64])], constants: [1],
      expected: [
        golden([2, 7], "0 0.625 0.125 -0.375 -0.875 0 0 0 -1.375 -1.875 -2.375 2.25 0 0")
      ], tolerance: 0, kernelTolerance: 0)
    try checkOperator(
      CenterCropPad(axes: [-1, 1]), [pattern([2, 3, 5]), Tensor([2, 6] as [Int64])], constants: [1],
      expected: [
        golden(
          [2, 6, 2],
          """
          0 0 2.125 1.625 -0.375 -0.875 2.25 1.75 0 0 0 0 0 0 -0.25 -0.75 2.375 1.875 -0.125 -0.625 0
          0 0 0
          """)
      ], tolerance: 0, kernelTolerance: 0)
    try checkOperator(
      CenterCropPad(axes: [0]), [pattern([6]), Tensor([9] as [Int64])], constants: [1],
      expected: [
        golden([9], "0 -2.5 2.125 1.625 1.125 0.625 0.125 0 0")
      ], tolerance: 0, kernelTolerance: 0)
  }

  @Test func takesAnyType() throws {
    try checkOperator(
      CenterCropPad(), [Tensor([true, true, true]), Tensor([4] as [Int32])], constants: [1],
      expected: [Tensor([true, true, true, false])])
    try checkOperator(
      CenterCropPad(), [Tensor([1, 2, 3] as [Int64]), Tensor([0] as [Int64])], constants: [1],
      expected: [Tensor([] as [Int64])])
  }

  @Test func refusesWhatDoesNotFit() {
    func size(_ extents: [Int64]) -> Fact { Fact(constant: Tensor(extents)) }
    let x = Fact(.float32, [3, 4])
    #expect(throws: ShapeError.self) { try CenterCropPad().outputs([x, size([3])]) }
    #expect(throws: ShapeError.self) { try CenterCropPad(axes: [2]).outputs([x, size([3])]) }
    #expect(throws: ShapeError.self) { try CenterCropPad(axes: [1, -1]).outputs([x, size([3, 3])]) }
    #expect(throws: ShapeError.self) { try CenterCropPad(axes: [0]).outputs([x, size([-1])]) }
    #expect(throws: ShapeError.self) { try CenterCropPad().outputs([x, size([1 << 40, 1 << 40])]) }
    #expect(throws: ShapeError.self) { try CenterCropPad().outputs([x, Fact(.int64, [2])]) }
  }
}

import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SliceTests {
  @Test func cutsOutRanges() throws {
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([1] as [Int64]), Tensor([3] as [Int64])], constants: [1, 2], expected: [Tensor([5, 6, 7, 8, 9, 10, 11, 12, 13, 14] as [Float], shape: [2, 5])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([0, 1] as [Int64]), Tensor([2, 99] as [Int64])], constants: [1, 2], expected: [Tensor([1, 2, 3, 4, 6, 7, 8, 9] as [Float], shape: [2, 4])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([-3] as [Int64]), Tensor([-1] as [Int64]), Tensor([-1] as [Int64])], constants: [1, 2, 3], expected: [Tensor([2, 3, 7, 8, 12, 13, 17, 18] as [Float], shape: [4, 2])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([1] as [Int32]), Tensor([5] as [Int32]), Tensor([1] as [Int32]), Tensor([2] as [Int32])], constants: [1, 2, 3, 4], expected: [Tensor([1, 3, 6, 8, 11, 13, 16, 18] as [Float], shape: [4, 2])])
  }

  @Test func walksBackwards() throws {
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([-1] as [Int64]), Tensor([-9223372036854775808] as [Int64]), Tensor([0] as [Int64]), Tensor([-1] as [Int64])], constants: [1, 2, 3, 4], expected: [Tensor([15, 16, 17, 18, 19, 10, 11, 12, 13, 14, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4] as [Float], shape: [4, 5])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([99, 3] as [Int64]), Tensor([0, 0] as [Int64]), Tensor([0, 1] as [Int64]), Tensor([-2, -3] as [Int64])], constants: [1, 2, 3, 4], expected: [Tensor([18, 8] as [Float], shape: [2, 1])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([2] as [Int64]), Tensor([-99] as [Int64]), Tensor([1] as [Int64]), Tensor([-9223372036854775808] as [Int64])], constants: [1, 2, 3, 4], expected: [Tensor([2, 7, 12, 17] as [Float], shape: [4, 1])])
  }

  @Test func clampsWhatLiesOutside() throws {
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([-9223372036854775808, 0] as [Int64]), Tensor([9223372036854775807, 9223372036854775807] as [Int64]), Tensor([0, 1] as [Int64]), Tensor([1, 9223372036854775807] as [Int64])], constants: [1, 2, 3, 4], expected: [Tensor([0, 5, 10, 15] as [Float], shape: [4, 1])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([3] as [Int64]), Tensor([1] as [Int64])], constants: [1, 2], expected: [Tensor([] as [Float], shape: [0, 5])])
    try checkOperator(Slice(), [Tensor([] as [Float], shape: [0, 2]), Tensor([-1] as [Int64]), Tensor([-9] as [Int64]), Tensor([0] as [Int64]), Tensor([-1] as [Int64])], constants: [1, 2, 3, 4], expected: [Tensor([] as [Float], shape: [0, 2])])
    try checkOperator(Slice(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([100] as [Int64]), Tensor([9223372036854775807] as [Int64])], constants: [1, 2], expected: [Tensor([] as [Float], shape: [0, 5])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([1, 2] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([1] as [Int64])), Fact(constant: Tensor([2] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([1] as [Int64])), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0, 0] as [Int64])), Fact(constant: Tensor([1, 1] as [Int64])), Fact(constant: Tensor([0, -2] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(.int64, [1]), Fact(constant: Tensor([1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Float])), Fact(constant: Tensor([1] as [Float]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([1] as [Int64])), Fact(constant: Tensor([0] as [Int64])), Fact(constant: Tensor([1, 1] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try Slice().outputs([Fact(.float32, [4, 5]), Fact(constant: Tensor([0, 0, 0] as [Int64])), Fact(constant: Tensor([1, 1, 1] as [Int64]))]) }
  }

  @Test func readsAttributesBeforeOpsetTen() throws {
    #expect(try importNode(Slice.self, opset: 1, [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5])], ["starts": .ints([1]), "ends": .ints([-1]), "axes": .ints([1])]) == [Tensor([1, 2, 3, 6, 7, 8, 11, 12, 13, 16, 17, 18] as [Float], shape: [4, 3])])
    #expect(try importNode(Slice.self, opset: 9, [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5])], ["starts": .ints([1]), "ends": .ints([2])]) == [Tensor([5, 6, 7, 8, 9] as [Float], shape: [1, 5])])
    #expect(graphErrorKind { try importNode(Slice.self, opset: 10, [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as [Float], shape: [4, 5]), Tensor([0] as [Int64]), Tensor([1] as [Int64])], ["axes": .ints([1])]) } == .unsupportedFeature)
  }
}

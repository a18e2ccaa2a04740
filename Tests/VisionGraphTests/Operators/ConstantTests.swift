import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ConstantTests {
  @Test func givesItsValue() throws {
    try checkOperator(Constant(Tensor([1, 2] as [Float])), [], expected: [Tensor([1, 2] as [Float])], roundTrips: false)
  }

  @Test func readsEveryFormOfItsValue() throws {
    #expect(try importNode(Constant.self, opset: 13, [], ["value": .tensor(Tensor([Int8(3)]))]) == [Tensor([3] as [Int8])])
    #expect(try importNode(Constant.self, opset: 13, [], ["value_float": .float(2.5)]) == [Tensor(scalar: Float(2.5))])
    #expect(try importNode(Constant.self, opset: 13, [], ["value_floats": .floats([1, 2])]) == [Tensor([1, 2] as [Float])])
    #expect(try importNode(Constant.self, opset: 13, [], ["value_int": .int(-7)]) == [Tensor(scalar: Int64(-7))])
    #expect(try importNode(Constant.self, opset: 13, [], ["value_ints": .ints([4, 5])]) == [Tensor([4, 5] as [Int64])])
    #expect(try importNode(Constant.self, opset: 13, [], ["value_ints": .ints([])]) == [Tensor([] as [Int64])])
  }

  @Test func refusesStringsByName() {
    #expect(graphErrorKind { try importNode(Constant.self, opset: 13, [], ["value_string": .string("a")]) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(Constant.self, opset: 13, [], ["value_strings": .strings(["a"])]) } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(Constant.self, opset: 13, [], ["other": .int(1)]) } == .unsupportedFeature)
  }

  @Test func refusesNoneOrTwoValues() {
    #expect(graphErrorKind { try importNode(Constant.self, opset: 13, [], [:]) } == .structure)
    #expect(graphErrorKind { try importNode(Constant.self, opset: 13, [], ["value_int": .int(1), "value_float": .float(1)]) } == .structure)
  }
}

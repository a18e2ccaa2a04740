import Testing

@testable import VisionTensor

@Suite struct TensorTests {
  @Test func convertsEveryHalfThereAndBack() {
    for bits in UInt16.min...UInt16.max {
      let value = ElementConversion.float(fromHalf: bits)
      if value.isNaN { continue }
      #expect(ElementConversion.half(from: Double(value)) == bits)
    }
  }

  @Test func roundsToHalfOnceTiesToEven() {
    #expect(ElementConversion.half(from: 1 + 0x1p-11) == 0x3C00)
    #expect(ElementConversion.half(from: 1 + 0x3p-11) == 0x3C02)
    #expect(ElementConversion.half(from: 65519.99) == 0x7BFF)
    #expect(ElementConversion.half(from: 65520) == 0x7C00)
    #expect(ElementConversion.half(from: 0x1p-25) == 0)
    #expect(ElementConversion.half(from: 0x1.8p-25) == 1)
  }

  @Test func saturatesAndTruncatesToIntegers() {
    let tensor = Tensor(doubles: [-1.9, 1.9, 300, -300, .nan], shape: [5], elementType: .float32)
    #expect(tensor.converted(to: .int8).integers == [-1, 1, 127, -128, 0])
    #expect(tensor.converted(to: .uint8).integers == [0, 1, 255, 0, 0])
  }

  @Test func broadcastsAsNumPyDoes() {
    #expect(Shape([8, 1, 6, 1]).broadcast(with: [7, 1, 5]) == [8, 7, 6, 5])
    #expect(Shape([]).broadcast(with: [2]) == [2])
    #expect(Shape([2, 1]).broadcast(with: [8, 4, 3]) == nil)
    #expect(Shape([0, 3]).broadcast(with: [1, 3]) == [0, 3])
  }

  @Test func countsElementsWithoutOverflow() {
    #expect(Shape([1 << 40, 1 << 40]).checkedElementCount == nil)
    #expect(Shape([-1, 2]).checkedElementCount == nil)
    #expect(Shape([]).checkedElementCount == 1)
  }
}

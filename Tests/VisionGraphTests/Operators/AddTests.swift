import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AddTests {
  @Test func broadcasts() throws {
    let a = Tensor([1, 2, 3] as [Float], shape: [3, 1])
    let b = Tensor([10, 20] as [Float])
    try checkOperator(
      Add(), [a, b], expected: [Tensor([11, 21, 12, 22, 13, 23] as [Float], shape: [3, 2])])
  }

  @Test func wrapsIntegers() throws {
    try checkOperator(Add(), [Tensor([Int8(127)]), Tensor([Int8(1)])], expected: [Tensor([Int8(-128)])])
  }
}

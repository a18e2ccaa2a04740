import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are PyTorch's.
@Suite struct HammingWindowTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      HammingWindow(), [Tensor(scalar: Int64(9))], constants: [0],
      expected: [
        golden(
          [9],
          """
          0.0869565217 0.193762319 0.464204093 0.77173913 0.97246837 0.97246837 0.77173913
          0.464204093 0.193762319
          """)
      ])
    try checkOperator(
      HammingWindow(isPeriodic: false, type: .float64), [Tensor([8] as [Int32])], constants: [0],
      expected: [
        Tensor(
          [
            0.086956521739130432, 0.25884161219492596, 0.6450639046322304, 0.9547901353467565,
            0.9547901353467565, 0.64506390463223051, 0.25884161219492607, 0.086956521739130432,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func takesOneSampleAndNone() throws {
    for isPeriodic in [true, false] {
      try checkOperator(
        HammingWindow(isPeriodic: isPeriodic), [Tensor(scalar: Int64(1))], constants: [0],
        expected: [Tensor([1] as [Float])])
    }
    try checkOperator(
      HammingWindow(), [Tensor(scalar: Int64(0))], constants: [0], expected: [Tensor([] as [Float])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try HammingWindow().outputs([Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) {
      try HammingWindow().outputs([Fact(constant: Tensor(scalar: Int64(-1)))])
    }
    #expect(throws: ShapeError.self) {
      try HammingWindow().outputs([Fact(constant: Tensor(scalar: Float(3)))])
    }
    #expect(
      graphErrorKind { try importNode(HammingWindow.self, opset: 17, [Tensor(scalar: Int64(1 << 62))]) }
        == .tooLarge)
    #expect(
      graphErrorKind {
        try importNode(
          HammingWindow.self, opset: 17, [Tensor(scalar: Int64(3))], ["output_datatype": .int(9)])
      } == .unsupportedFeature)
  }
}

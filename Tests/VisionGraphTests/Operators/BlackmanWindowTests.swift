import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are PyTorch's.
@Suite struct BlackmanWindowTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      BlackmanWindow(), [Tensor(scalar: Int64(9))], constants: [0],
      expected: [
        golden(
          [9],
          """
          0 0.0508696327 0.258000502 0.63 0.951129866 0.951129866 0.63 0.258000502 0.0508696327
          """)
      ])
    try checkOperator(
      BlackmanWindow(isPeriodic: false, type: .float64), [Tensor([8] as [Int32])], constants: [0],
      expected: [
        Tensor(
          [
            0, 0.090453424354128065, 0.45918295754596361, 0.92036361809990819, 0.92036361809990819,
            0.45918295754596378, 0.09045342435412812, 0,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func takesOneSampleAndNone() throws {
    for isPeriodic in [true, false] {
      try checkOperator(
        BlackmanWindow(isPeriodic: isPeriodic), [Tensor(scalar: Int64(1))], constants: [0],
        expected: [Tensor([1] as [Float])])
    }
    try checkOperator(
      BlackmanWindow(), [Tensor(scalar: Int64(0))], constants: [0], expected: [Tensor([] as [Float])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try BlackmanWindow().outputs([Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) {
      try BlackmanWindow().outputs([Fact(constant: Tensor(scalar: Int64(-1)))])
    }
    #expect(throws: ShapeError.self) {
      try BlackmanWindow().outputs([Fact(constant: Tensor(scalar: Float(3)))])
    }
    #expect(
      graphErrorKind { try importNode(BlackmanWindow.self, opset: 17, [Tensor(scalar: Int64(1 << 62))]) }
        == .tooLarge)
    #expect(
      graphErrorKind {
        try importNode(
          BlackmanWindow.self, opset: 17, [Tensor(scalar: Int64(3))], ["output_datatype": .int(9)])
      } == .unsupportedFeature)
  }
}

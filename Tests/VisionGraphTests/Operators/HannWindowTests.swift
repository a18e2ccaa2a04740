import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are PyTorch's.
@Suite struct HannWindowTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      HannWindow(), [Tensor(scalar: Int64(9))], constants: [0],
      expected: [
        golden(
          [9],
          """
          0 0.116977778 0.413175911 0.75 0.96984631 0.96984631 0.75 0.413175911 0.116977778
          """)
      ])
    try checkOperator(
      HannWindow(isPeriodic: false, type: .float64), [Tensor([8] as [Int32])], constants: [0],
      expected: [
        Tensor(
          [
            0, 0.1882550990706332, 0.61126046697815717, 0.95048443395120952, 0.95048443395120952,
            0.61126046697815728, 0.18825509907063331, 0,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func takesOneSampleAndNone() throws {
    for isPeriodic in [true, false] {
      try checkOperator(
        HannWindow(isPeriodic: isPeriodic), [Tensor(scalar: Int64(1))], constants: [0],
        expected: [Tensor([1] as [Float])])
    }
    try checkOperator(
      HannWindow(), [Tensor(scalar: Int64(0))], constants: [0], expected: [Tensor([] as [Float])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try HannWindow().outputs([Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) { try HannWindow().outputs([Fact(constant: Tensor(scalar: Int64(-1)))]) }
    #expect(throws: ShapeError.self) { try HannWindow().outputs([Fact(constant: Tensor(scalar: Float(3)))]) }
    #expect(
      graphErrorKind { try importNode(HannWindow.self, opset: 17, [Tensor(scalar: Int64(1 << 62))]) }
        == .tooLarge)
    #expect(
      graphErrorKind {
        try importNode(HannWindow.self, opset: 17, [Tensor(scalar: Int64(3))], ["output_datatype": .int(9)])
      } == .unsupportedFeature)
  }
}

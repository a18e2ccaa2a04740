import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GroupNormalizationTests {
  @Test func normalizesGroupsOfChannels() throws {
    try checkOperator(
      GroupNormalization(groups: 2), [pattern([2, 4, 3, 2]), pattern([4], seed: 1), pattern([4], seed: 2)],
      expected: [
        golden(
          [2, 4, 3, 2],
          """
          1.8885815 -1.3023403 -0.9573759 -0.61241126 -0.26744676 0.07751773 -0.00085894763 0.4974231
          0.9957051 1.4939873 1.9922693 -2.61684 -2.8843555 -2.1577663 -1.4311773 -0.7045882 0.022000968
          0.7485901 -3.867858 -4.7226686 -5.5774794 2.32952 1.4747093 0.61989844 -0.25302726 0.15621525
          0.56545776 0.9747003 1.3839427 1.7931854 2.5701737 -2.897761 -2.306633 -1.7155051 -1.124377
          -0.5332489 -1.0422993 -0.26283464 0.51662993 1.2960944 2.0755591 2.8550236 2.9912043 2.074187
          1.1571698 0.24015296 -0.67686427 -1.5938814
          """)
      ], tolerance: 2e-6, kernelTolerance: 2e-6)
    try checkOperator(
      GroupNormalization(groups: 1, epsilon: 0.1),
      [pattern([2, 3, 5]), pattern([3], seed: 1), pattern([3], seed: 2)],
      expected: [
        golden(
          [2, 3, 5],
          """
          2.1122208 -1.1378815 -0.78651917 -0.43515676 -0.083794266 -0.22462381 0.28289962 0.79042315
          1.2979466 1.8054702 2.601607 -3.5374749 -2.8737907 -2.2101061 -1.5464215 -0.10196078 0.31211072
          0.7261822 1.1402537 1.5543251 2.2321284 -3.3003263 -2.702223 -2.10412 -1.5060167 -1.6103485
          -0.8282135 -0.046078503 0.73605645 1.5181916
          """)
      ])
  }

  @Test func readsOneScaleForEachGroup() throws {
    try expectClose(
      importNode(
        GroupNormalization.self, opset: 18,
        [pattern([2, 4, 3, 2]), pattern([2], seed: 1), pattern([2], seed: 2)], ["num_groups": .int(2)])[0],
      golden(
        [2, 4, 3, 2],
        """
        1.8885815 -1.3023403 -0.9573759 -0.61241126 -0.26744676 0.07751773 0.42248225 0.76744676
        1.1124113 1.4573759 1.8023403 -1.3885815 -1.8821542 -1.3265272 -0.77090025 -0.21527332
        0.34035367 0.8959806 1.4516077 2.0072346 2.5628614 -2.576688 -2.021061 -1.465434 -0.25302726
        0.15621525 0.56545776 0.9747003 1.3839427 1.7931854 2.2024279 -1.5830654 -1.1738229 -0.7645805
        -0.35533792 0.053904623 -0.47352293 0.12253821 0.7185994 1.3146604 1.9107215 2.5067828
        -3.0067828 -2.4107215 -1.8146604 -1.2185993 -0.6225382 -0.026477069
        """), tolerance: 2e-6)
    #expect(
      graphErrorKind {
        try importNode(
          GroupNormalization.self, opset: 18, [pattern([2, 4, 3, 2]), pattern([4]), pattern([4])],
          ["num_groups": .int(2)])
      } == .shape)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try GroupNormalization(groups: 3).outputs([
        Fact(.float32, [2, 4, 2]), Fact(.float32, [4]), Fact(.float32, [4]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try GroupNormalization(groups: 2).outputs([
        Fact(.float32, [2, 4, 2]), Fact(.float32, [2]), Fact(.float32, [2]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try GroupNormalization(groups: 0).outputs([
        Fact(.float32, [2, 4, 2]), Fact(.float32, [4]), Fact(.float32, [4]),
      ])
    }
    #expect(
      graphErrorKind {
        try importNode(GroupNormalization.self, opset: 21, [pattern([2, 4, 3]), pattern([4]), pattern([4])])
      } == .structure)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      GroupNormalization(groups: 4),
      [pattern([2, 36, 9, 7]), pattern([36], seed: 1), pattern([36], seed: 2)], kernelTolerance: 5e-6)
  }
}

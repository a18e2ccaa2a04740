import Testing

@testable import VisionTensor

@Suite struct PhiloxTests {
  /// Known answers of Random123's `kat_vectors` for philox4x32 with 10 rounds.
  @Test func givesTheKnownAnswers() {
    #expect(
      Philox(seed: 0).block(0, 0, 0, 0)
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones: UInt32 = 0xffff_ffff
    #expect(
      Philox(seed: .max).block(ones, ones, ones, ones)
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test func normalNumbersHaveTheirMoments() {
    let numbers = Philox(seed: 7).normal(count: 100_000).map(Double.init)
    let mean = numbers.reduce(0, +) / 100_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
  }
}

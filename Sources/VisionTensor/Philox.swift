import VisionSystem

/// Counter-based random numbers: the same (key, counter) gives the same bits on any thread, in any order.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Philox-4×32 with 10 rounds.
public struct Philox: Sendable, Hashable {
  /// The two words of the key, usually a seed.
  package let key: (UInt32, UInt32)

  /// A generator for a 64-bit seed.
  public init(seed: UInt64) { self.key = (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)) }

  /// The 128 random bits of a 128-bit counter.
  public func block(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> SIMD4<UInt32> {
    var counter = SIMD4<UInt32>(c0, c1, c2, c3)
    var (k0, k1) = key
    for _ in 0..<10 {
      let a = UInt64(counter[0]) * 0xD251_1F53
      let b = UInt64(counter[2]) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(b >> 32) ^ counter[1] ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(a >> 32) ^ counter[3] ^ k1, UInt32(truncatingIfNeeded: a))
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return counter
  }

  /// The first `count` numbers of stream `stream`: uniform in 0..<1, each a multiple of 2⁻²⁴.
  public func uniform(count: Int, stream: UInt64 = 0) -> [Float] {
    var result = [Float]()
    result.reserveCapacity(count + 3)
    var index: UInt64 = 0
    while result.count < count {
      let bits = block(index, stream: stream)
      for lane in 0..<4 { result.append(Float(bits[lane] >> 8) * 0x1p-24) }
      index += 1
    }
    result.removeLast(result.count - count)
    return result
  }

  /// The first `count` numbers of stream `stream` from the standard normal distribution (Box–Muller).
  public func normal(count: Int, stream: UInt64 = 0) -> [Float] {
    let uniform = uniform(count: (count + 1) / 2 * 2, stream: stream)
    var result = [Float]()
    result.reserveCapacity(count + 1)
    for index in stride(from: 0, to: uniform.count, by: 2) {
      let radius = (-2 * Libm.log(1 - Double(uniform[index]))).squareRoot()
      let angle = 2 * Double.pi * Double(uniform[index + 1])
      result.append(Float(radius * Libm.cos(angle)))
      result.append(Float(radius * Libm.cos(angle - Double.pi / 2)))
    }
    result.removeLast(result.count - count)
    return result
  }

  private func block(_ index: UInt64, stream: UInt64) -> SIMD4<UInt32> {
    block(
      UInt32(truncatingIfNeeded: index), UInt32(index >> 32), UInt32(truncatingIfNeeded: stream),
      UInt32(stream >> 32))
  }

  public static func == (a: Philox, b: Philox) -> Bool { a.key == b.key }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key.0)
    hasher.combine(key.1)
  }
}

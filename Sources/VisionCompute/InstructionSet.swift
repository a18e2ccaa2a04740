internal import CVisionKernels
import VisionSystem

/// The instruction sets for which there are kernels, slowest first.
public enum InstructionSet: String, Sendable, CaseIterable, Comparable {
  /// Four-lane vectors for any machine; SSE2 on x86-64.
  case portable
  /// NEON of arm64, with dot products of bytes where the processor has them. Its vectors are two registers.
  case neon
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The fastest instruction set that this machine supports.
  public static var best: InstructionSet { supported.last ?? .portable }

  /// The instruction sets that this machine supports, slowest first.
  public static var supported: [InstructionSet] { allCases.filter(\.isSupported) }

  /// The instruction set named by the environment variable `VISIONNET_ISA` if this machine supports it, else
  /// the best.
  public static var preferred: InstructionSet {
    guard let text = getenv("VISIONNET_ISA"), let wanted = InstructionSet(rawValue: String(cString: text)),
      wanted.isSupported
    else { return best }
    return wanted
  }

  /// Whether this machine supports the instruction set.
  public var isSupported: Bool { vn_isa_supported(isa) }

  /// Floats in one vector.
  public var lanes: Int {
    switch self {
    case .portable: 4
    case .neon, .avx2: 8
    case .avx512: 16
    }
  }

  public static func < (a: InstructionSet, b: InstructionSet) -> Bool { a.isa.rawValue < b.isa.rawValue }

  /// The path of the executable or shared library that contains the kernels, as it was loaded; nil when
  /// unknown.
  package static var kernelsFile: String? { vn_kernels_file().map { String(cString: $0) } }

  /// The kernels, nil if this machine cannot run them.
  package var kernels: OpaquePointer? { vn_kernels_for(isa) }

  private var isa: vn_isa {
    switch self {
    case .portable: VN_PORTABLE
    case .neon: VN_NEON
    case .avx2: VN_AVX2
    case .avx512: VN_AVX512
    }
  }
}

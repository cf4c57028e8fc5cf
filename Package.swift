// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "LatticeGauge",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Lattice", targets: ["Lattice"]),
    .library(name: "Loops", targets: ["Loops"]),
    .library(name: "Autodiff", targets: ["Autodiff"]),
    .library(name: "Fourier", targets: ["Fourier"]),
    .library(name: "EquivariantLayers", targets: ["EquivariantLayers"]),
    .library(name: "GaugeLayers", targets: ["GaugeLayers"]),
    .library(name: "Statistics", targets: ["Statistics"]),
    .library(name: "Groups", targets: ["Groups"]),
    .library(name: "LatticeSymmetry", targets: ["LatticeSymmetry"]),
    .library(name: "Sampling", targets: ["Sampling"]),
    .library(name: "SymmetryDetection", targets: ["SymmetryDetection"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "GaugeChecks", targets: ["GaugeChecks"]),
    .library(name: "GaugeTesting", targets: ["GaugeTesting"]),
    .executable(name: "gauge", targets: ["gauge"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    .target(name: "CKernels"),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .target(name: "Compute", dependencies: ["CKernels"]),
    .target(
      name: "Lattice",
      dependencies: [
        "Compute", "CZlib", "CKernels",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Loops",
      dependencies: [
        "Lattice", "Compute", "CKernels",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Fourier",
      dependencies: [
        "Lattice", "Compute", "CFFTW", "CKernels",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(name: "Autodiff", dependencies: ["Compute", "CZlib"]),
    .target(
      name: "GaugeLayers",
      dependencies: [
        "LatticeSymmetry", "Groups", "Loops", "Lattice", "Compute", "Autodiff", "CKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(name: "Statistics", dependencies: []),
    .target(
      name: "Groups",
      dependencies: [
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "EquivariantLayers",
      dependencies: ["Autodiff", "Groups", "Fourier", "Lattice", "Compute"]),
    .target(
      name: "LatticeSymmetry",
      dependencies: [
        "Groups", "Loops", "Lattice", "Compute", "CKernels",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Sampling",
      dependencies: ["Loops", "Lattice", "Compute", "Statistics", "Fourier", "CKernels", "CZlib"]),
    .target(
      name: "SymmetryDetection",
      dependencies: [
        "EquivariantLayers", "Autodiff", "LatticeSymmetry", "Groups", "Loops", "Lattice", "Compute",
        "Statistics",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Training",
      dependencies: ["GaugeLayers", "Sampling", "Autodiff", "Loops", "Lattice", "Compute"]),
    .target(
      name: "GaugeChecks",
      dependencies: [
        "GaugeLayers", "Sampling", "Fourier", "LatticeSymmetry", "Groups", "Autodiff", "Loops",
        "Lattice", "Compute", "Statistics",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "GaugeTesting",
      dependencies: [
        "GaugeChecks", "LatticeSymmetry", "Groups", "Autodiff", "Loops", "Lattice", "Compute",
        .product(name: "ComplexModule", package: "swift-numerics"),
      ]),
    .executableTarget(
      name: "gauge",
      dependencies: [
        "GaugeChecks", "Training", "GaugeLayers", "EquivariantLayers", "Autodiff", "Sampling",
        "SymmetryDetection",
        "Fourier", "LatticeSymmetry", "Groups", "Lattice", "Loops", "Compute", "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "PlaquetteModels",
      dependencies: [
        "GaugeChecks", "Training", "GaugeLayers", "Sampling", "Statistics", "Compute",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Examples/PlaquetteModels",
      exclude: ["README.md", "w1x2-cnn.json", "w1x2-large-cnn.json"]),
    .executableTarget(
      name: "SymmetryTrust",
      dependencies: [
        "SymmetryDetection", "Groups",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Examples/SymmetryTrust"),
    .executableTarget(
      name: "RelaxedSymmetry",
      dependencies: [
        "SymmetryDetection", "EquivariantLayers", "Autodiff", "Groups", "Compute",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Examples",
      exclude: [
        "AnisotropicAction", "Anisotropy", "Deconfinement", "Detection", "Inference", "Learning",
        "OpenBoundary", "PlaquetteModels", "RelaxedSymmetry/README.md", "SymmetryTrust",
        "ThetaTerm",
        "symmetries.sh",
      ],
      sources: ["RelaxedSymmetry", "SquareToRectangle", "Pendulum", "RotatedImages"]),
    .executableTarget(
      name: "AnisotropicAction",
      dependencies: [
        "GaugeLayers", "Groups", "Sampling", "Compute",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Examples/AnisotropicAction",
      exclude: ["README.md"]),
    .target(name: "TestSupport", dependencies: ["Loops"], path: "Tests/TestSupport"),
    .testTarget(name: "ComputeTests", dependencies: ["Compute"]),
    .testTarget(
      name: "LatticeTests",
      dependencies: [
        "Lattice", "TestSupport", .product(name: "ComplexModule", package: "swift-numerics"),
      ]),
    .testTarget(name: "LoopsTests", dependencies: ["Loops", "Sampling", "TestSupport"]),
    .testTarget(
      name: "FourierTests",
      dependencies: [
        "Fourier", "Lattice", "TestSupport",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff", "Compute"]),
    .testTarget(
      name: "EquivariantLayersTests",
      dependencies: ["EquivariantLayers", "Autodiff", "Groups", "Compute", "TestSupport"]),
    .testTarget(
      name: "GaugeLayersTests",
      dependencies: [
        "GaugeLayers", "GaugeChecks", "LatticeSymmetry", "Groups", "Sampling", "Training",
        "TestSupport",
        .product(name: "ComplexModule", package: "swift-numerics"),
      ]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"]),
    .testTarget(
      name: "GroupsTests",
      dependencies: [
        "Groups", "TestSupport", .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .testTarget(
      name: "LatticeSymmetryTests",
      dependencies: [
        "LatticeSymmetry", "Groups", "Loops", "Lattice", "Compute", "TestSupport",
        .product(name: "ComplexModule", package: "swift-numerics"),
      ]),
    .testTarget(
      name: "SamplingTests",
      dependencies: [
        "Sampling", "Fourier", "TestSupport",
        .product(name: "ComplexModule", package: "swift-numerics"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .testTarget(
      name: "GaugeChecksTests",
      dependencies: ["GaugeChecks", "GaugeLayers", "Sampling", "Lattice", "Loops", "TestSupport"]),
    .testTarget(
      name: "GaugeTestingTests",
      dependencies: [
        "GaugeTesting", "GaugeLayers", "Sampling", "LatticeSymmetry", "Groups", "Loops", "Lattice",
        "TestSupport",
        .product(name: "ComplexModule", package: "swift-numerics"),
      ]),
    .testTarget(
      name: "SymmetryDetectionTests",
      dependencies: [
        "SymmetryDetection", "EquivariantLayers", "Autodiff", "LatticeSymmetry", "Groups",
        "Sampling",
        "Loops", "Lattice", "Compute", "Statistics", "TestSupport",
      ]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "GaugeLayers", "Sampling", "TestSupport"]),
    .testTarget(name: "CommandLineTests", dependencies: ["TestSupport", "Lattice"]),
  ],
  swiftLanguageModes: [.v6]
)

"""Examples of bodies and answers, by the name of their schema. A test holds each against it."""

from __future__ import annotations

from typing import Any

_BOAT = "2b1f7a36-6d5c-4c3e-9a53-8f2d1c0b7e41"
_PHOTO = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
_WORDS = "three herons over Biscayne"

_LOCATION = {
    "country": "US",
    "state": "FL",
    "city": "Stuart",
    "coordinates": {"lat": 27.19755, "lon": -80.25283},
}
_DETAILS = {
    "type": "sailboat",
    "manufacturer": "Beneteau",
    "model": "Oceanis 40",
    "year": 2010,
    "length": 39.75,
    "beam": 12.83,
    "draft": 5.08,
    "fuel": "diesel",
    "engines": [{"make": "Yanmar", "power": 40, "hours": 850, "count": 1}],
    "condition": "Good",
}
_FILTERS = {
    "query": "bluewater cruiser",
    "priceRange": {"max": 15_000_000},
    "boatType": ["sailboat"],
    "lengthRange": {"min": 35, "max": 45},
    "location": {"near": "Stuart", "radius": 100},
}
_JOB = {
    "id": "5e0a3c1e-7d1b-4f6e-9a53-1c2d3e4f5a6b",
    "kind": "bulk-edit",
    "action": "price",
    "state": "done",
    "why": "",
    "total": 98,
    "done": 98,
    "refused": 1,
    "createdAt": 1_764_512_345_678,
    "updatedAt": 1_764_512_349_012,
    "endedAt": 1_764_512_349_012,
    "reversibleUntil": 1_764_598_749_012,
}

EXAMPLES: dict[str, Any] = {
    # Listings
    "NewListing": {
        "title": "2010 Beneteau Oceanis 40",
        "description": "Well kept, and sailed every summer.",
        "price": 12_000_000,
        "location": _LOCATION,
        "boatDetails": _DETAILS,
        "features": ["Bow thruster", "Teak deck"],
        "status": "active",
    },
    "ListingChanges": {"price": 11_500_000, "boatDetails": {"hours": 870}, "videos": None},
    "Listing": {
        "listingId": _BOAT,
        "id": _BOAT,
        "ownerId": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "title": "2010 Beneteau Oceanis 40",
        "description": "Well kept, and sailed every summer.",
        "priceOnRequest": False,
        "price": 12_000_000,
        "priceHistory": [{"price": 12_000_000, "at": 1_764_512_345_678}],
        "location": _LOCATION,
        "boatDetails": _DETAILS,
        "features": ["Bow thruster", "Teak deck"],
        "images": [f"/media/photos/{_PHOTO}/1600.jpg"],
        "thumbnails": [f"/media/photos/{_PHOTO}/300x300.jpg"],
        "photos": [{"id": _PHOTO, "width": 1600, "height": 1067, "tint": "#5d7f9b"}],
        "videos": [],
        "status": "active",
        "underOffer": False,
        "moderation": {"state": "approved"},
        "sellerKind": "private",
        "createdAt": 1_764_512_345_678,
        "updatedAt": 1_764_512_345_678,
    },
    "Location": _LOCATION,
    "BoatDetails": _DETAILS,
    "NewSale": {"price": 11_200_000},
    "ImageOrder": {"order": [_PHOTO]},
    "ImageCaption": {"caption": "The saloon, looking forward"},
    # Searches
    "Search": {**_FILTERS, "sort": "-length", "limit": 20},
    "SearchFilters": _FILTERS,
    "SavedSearchRequest": {
        "name": "Cruisers near Stuart",
        "filters": _FILTERS,
        "frequency": "daily",
    },
    "SavedSearchChanges": {"frequency": "weekly"},
    "Note": {"note": "Ask about the standing rigging."},
    # Messages and reports
    "NewInquiry": {
        "message": "Is she still for sale, and may I see her next week?",
        "name": "Robin Hale",
        "email": "robin@example.com",
    },
    "Question": {"message": "Yes, she is. Come by on Tuesday."},
    "ReportForm": {"reason": "copied", "words": "These are the photos of my own boat."},
    # Accounts
    "NewAccount": {
        "email": "robin@example.com",
        "name": "Robin Hale",
        "password": _WORDS,
        "terms": True,
        "news": False,
    },
    "EmailToken": {"token": "7c9e6679-7425-40de-944b-e07fc1f90ae7.k3Jx0n5y"},
    "Credentials": {"email": "robin@example.com", "password": _WORDS},
    "SecondFactorCode": {"challenge": "k3Jx0n5yT2m", "code": "492039"},
    "PasswordResetRequest": {"email": "robin@example.com"},
    "NewPassword": {
        "token": "7c9e6679-7425-40de-944b-e07fc1f90ae7.k3Jx0n5y",
        "password": "four pelicans over Biscayne",
    },
    "User": {
        "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "email": "robin@example.com",
        "name": "Robin Hale",
        "sellerKind": "private",
        "role": "user",
        "status": "active",
        "emailVerified": True,
        "phoneVerified": False,
        "mfaEnabled": False,
        "consents": [{"to": "terms", "version": "1", "at": "2026-01-31T08:05:00.000Z"}],
        "termsAnswers": [],
        "createdAt": "2026-01-31T08:05:00.000Z",
        "updatedAt": "2026-01-31T08:05:00.000Z",
        "permissions": [],
        "recoveryCodesLeft": 0,
        "passkeys": [],
    },
    "ProfileChanges": {
        "phone": "+17725550142",
        "location": "Stuart, FL",
        "consents": {"news": True},
    },
    "PasswordChange": {"password": _WORDS, "newPassword": "four pelicans over Biscayne"},
    "EmailChange": {"email": "robin.hale@example.com", "password": _WORDS},
    "IdentityProof": {"password": _WORDS},
    "PasswordProof": {"password": _WORDS},
    "SecondFactorSetup": {"password": _WORDS},
    "PhoneCode": {"code": "492039"},
    "NewPasskey": {
        "credential": {
            "id": "MTIzNDU2Nzg5MA",
            "rawId": "MTIzNDU2Nzg5MA",
            "type": "public-key",
            "response": {"clientDataJSON": "eyJ0eXBlIjoi", "attestationObject": "o2NmbXRk"},
        },
        "name": "Phone",
    },
    "PasskeySignIn": {
        "credential": {
            "id": "MTIzNDU2Nzg5MA",
            "rawId": "MTIzNDU2Nzg5MA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "eyJ0eXBlIjoi",
                "authenticatorData": "SZYN5YgO",
                "signature": "MEUCIQD",
            },
        }
    },
    # Bulk actions
    "Job": _JOB,
    "JobWithRefusals": _JOB
    | {
        "refusals": [
            {
                "listingId": _BOAT,
                "title": "2010 Beneteau Oceanis 40",
                "reason": "the price was changed meanwhile: look at it again",
            }
        ]
    },
    # Staff
    "Decision": {
        "state": "rejected",
        "reason": "The photos show another boat.",
        "requestChanges": True,
    },
    "NewStatus": {"status": "suspended", "reason": "Several reports of the same fraud."},
    "NewRole": {"role": "moderator", "permissions": []},
    "AuditLog": {
        "id": "0b8a52f1-3f9f-4a0e-8a7b-2a9c5f7f1c11",
        "timestamp": "2026-01-31T08:05:00.000Z",
        "userId": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "userEmail": "robin@example.com",
        "action": "LISTING_UPDATED",
        "resource": "listing",
        "resourceId": _BOAT,
        "details": {"changes": {"price": {"old": 12_000_000, "new": 11_500_000}}},
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "sessionId": "5f2d8c0a9b7e",
    },
    "AuthSession": {
        "id": "5f2d8c0a9b7e",
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "issuedAt": "2026-01-31T08:05:00.000Z",
        "expiresAt": "2026-03-02T08:05:00.000Z",
        "lastActivity": "2026-01-31T08:05:00.000Z",
        "current": True,
    },
    "LoginAttempt": {
        "id": "0b8a52f1-3f9f-4a0e-8a7b-2a9c5f7f1c12",
        "timestamp": "2026-01-31T08:05:00.000Z",
        "email": "robin@example.com",
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "success": False,
        "failureReason": "wrong password",
    },
}
